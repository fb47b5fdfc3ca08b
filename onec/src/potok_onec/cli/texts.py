"""Everything the command says, in English and Russian; the language comes from --lang, then from the environment."""

import os
import sys
from typing import Final

LANGUAGES: Final = ("en", "ru")


def language() -> str:
    """Looked up before the command line is parsed, because help is made of texts too."""
    arguments = sys.argv[1:]
    for index, argument in enumerate(arguments):
        if argument.startswith("--lang="):
            return _known(argument.partition("=")[2])
        if argument == "--lang" and index + 1 < len(arguments):
            return _known(arguments[index + 1])
    for name in ("POTOK_ONEC_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        chosen = os.environ.get(name)
        if chosen:
            return _known(chosen)
    return "en"


def _known(name: str) -> str:
    return "ru" if name.lower().startswith("ru") else "en"


def say(key: str, **blanks: object) -> str:
    return _TEXTS[key][1 if language() == "ru" else 0].format(**blanks)


_TEXTS: Final[dict[str, tuple[str, str]]] = {
    "app": (
        "Reads 1C:Enterprise configurations: EDT projects and Designer dumps, metadata and code.",
        "Читает конфигурации 1С:Предприятия: проекты EDT и выгрузки Конфигуратора, метаданные и код.",
    ),
    "lang": ("Language of messages: en or ru.", "Язык сообщений: en или ru."),
    "version": ("Print the version and exit.", "Показать версию и выйти."),
    "inspect": (
        "What is in PATH: layout, name, version, counts, problems.",
        "Что лежит в PATH: формат, имя, версия, количества, проблемы.",
    ),
    "parse": (
        "Write objects, members, modules, methods and queries as Parquet and JSONL.",
        "Записать объекты, их части, модули, методы и запросы в Parquet и JSONL.",
    ),
    "ast": ("The syntax tree of a module as JSON.", "Синтаксическое дерево модуля в JSON."),
    "tokens": ("The tokens of a module, nothing left out.", "Лексемы модуля, без пропусков."),
    "diff": (
        "What changed from A to B: objects, members, methods, signatures; and who is affected.",
        "Что изменилось от A к B: объекты, их части, методы, сигнатуры; и кого это затронет.",
    ),
    "check-roundtrip": (
        "Check that the tokens of every module restore its file byte for byte.",
        "Проверить, что лексемы каждого модуля восстанавливают его файл байт в байт.",
    ),
    "path": ("A folder with sources, or one inside a project.", "Каталог с исходниками или внутри проекта."),
    "path-a": (
        "The version before: a folder, PATH@REF, or a ref of --repo.",
        "Версия до: каталог, PATH@REF или ref из --repo.",
    ),
    "path-b": ("The version after.", "Версия после."),
    "repo": (
        "A and B are commits, branches or tags of this repository.",
        "A и B: коммиты, ветки или теги этого репозитория.",
    ),
    "users-max": ("How many users of each thing to name.", "Сколько мест использования называть."),
    "same-folder": ("A and B are the same folder: {path}.", "A и B — один и тот же каталог: {path}."),
    "affected": ("affected by {things} removed or changed things:", "затронуто удалением и изменением ({things}):"),
    "affected-objects": ("{objects} objects", "объектов {objects}"),
    "affected-before": ("used before in {places} places:", "прежде использовалось, мест: {places}"),
    "affected-still": ("still referred to in {places} places:", "ссылки остались, мест: {places}"),
    "affected-after": ("used in {places} places:", "используется, мест: {places}"),
    "affected-more": ("… and {amount} more", "… и ещё {amount}"),
    "module": ("A file with a module (.bsl).", "Файл модуля (.bsl)."),
    "json": ("Print JSON.", "Вывести JSON."),
    "out": ("The folder to write; replaced as a whole.", "Каталог результата; заменяется целиком."),
    "format": ("What to write: parquet, jsonl or both.", "Что писать: parquet, jsonl или both (оба)."),
    "workers": ("Processes; by default one for each core.", "Число процессов; по умолчанию по числу ядер."),
    "no-cache": ("Read everything again and keep nothing.", "Читать всё заново и ничего не запоминать."),
    "problems-max": ("How many problems to print.", "Сколько проблем печатать."),
    "reading": ("reading", "читаю"),
    "missing-path": (
        "{path} does not exist. Check the path.",
        "{path} не существует. Проверьте путь.",
    ),
    "not-a-module": ("{path}: {reason}.", "{path}: {reason}."),
    "cannot-write": (
        "{path} was not written: {reason}. What was there before is untouched.",
        "{path} не записан: {reason}. Прежнее содержимое не тронуто.",
    ),
    "foreign-folder": (
        "{path} holds files that `parse` did not write ({name}). Give an empty or new folder.",
        "В {path} есть файлы, которых `parse` не писал ({name}). Укажите пустой или новый каталог.",
    ),
    "no-pyarrow": (
        "Parquet needs pyarrow. Install it with: pip install 'potok-onec[parquet]', or choose --format jsonl.",
        "Для Parquet нужен pyarrow. Установите: pip install 'potok-onec[parquet]', или выберите --format jsonl.",
    ),
    "bad-format": (
        "{value} is not a format. Choose parquet, jsonl or both.",
        "{value}: нет такого формата. Выберите parquet, jsonl или both.",
    ),
    "interrupted": ("Interrupted; nothing was written.", "Прервано; ничего не записано."),
    "incomplete": (
        "{lost} of {files} files are unaccounted for: this is our mistake, please report it.",
        "Не учтено файлов: {lost} из {files}. Это наша ошибка, сообщите о ней.",
    ),
    "cache-trouble": (
        "The cache is not used: {reason}.",
        "Кэш не используется: {reason}.",
    ),
    "more-problems": ("… and {count} more (--problems {total} shows all)", "… и ещё {count} (все: --problems {total})"),
    "no-problems": ("no problems", "проблем нет"),
    "written": ("{path}: {rows} rows", "{path}: строк {rows}"),
    "roundtrip-ok": (
        "{modules} modules, {megabytes:.1f} MB: all restored byte for byte; {refused} are not text",
        "Модулей: {modules}, {megabytes:.1f} МБ: все восстановлены байт в байт; не текст: {refused}",
    ),
    "roundtrip-bad": (
        "{path}: differs from byte {offset} on",
        "{path}: расходится с байта {offset}",
    ),
    "no-modules": ("There are no modules (.bsl) in {path}.", "В {path} нет модулей (.bsl)."),
    "same": ("No differences.", "Различий нет."),
    "added": ("added", "добавлено"),
    "removed": ("removed", "удалено"),
    "changed": ("changed", "изменено"),
    "objects": ("objects", "объекты"),
    "members": ("members", "части"),
    "methods": ("methods", "методы"),
    "signatures": ("signatures", "сигнатуры"),
    "project": ("project", "проект"),
    "kind-configuration": ("configuration", "конфигурация"),
    "kind-extension": ("extension", "расширение"),
    "kind-external": ("external", "внешние"),
    "kind-translation": ("translation", "перевод"),
    "row-version": ("version", "версия"),
    "row-vendor": ("vendor", "поставщик"),
    "row-compatibility": ("compatibility", "совместимость"),
    "row-base": ("base", "основная"),
    "row-objects": ("objects", "объекты"),
    "row-members": ("attributes, tabular sections, forms", "реквизиты, табличные части, формы"),
    "row-modules": ("modules, lines", "модули, строки"),
    "row-methods": ("procedures + functions (exported)", "процедуры + функции (экспортных)"),
    "row-queries": ("queries (broken)", "запросы (с ошибкой)"),
    "row-files": ("files: read, classified, refused", "файлы: прочитано, опознано, отказано"),
    "row-translations": ("translated texts", "переведённых текстов"),
    "analyze": (
        "Carry out all steps of the analysis over PATH, side by side, into one folder.",
        "Выполнить все шаги анализа PATH, параллельно, в один каталог.",
    ),
    "analysis-out": ("The folder with the outputs of all steps.", "Каталог с результатами всех шагов."),
    "step": ("A step to run, with what it needs; may be repeated.", "Шаг и всё, что ему нужно; можно повторять."),
    "path-or-address": (
        "A folder with sources, or the address of a git repository.",
        "Каталог с исходниками или адрес репозитория git.",
    ),
    "ref": (
        "A commit, branch or tag to read instead of the folder as it is.",
        "Коммит, ветка или тег вместо каталога как есть.",
    ),
    "since": (
        "A commit: of files that git says are as they were in it and in the last run, nothing is read.",
        "Коммит: файлы, которые по данным git не менялись с него и с прошлого запуска, не читаются.",
    ),
    "quick": ("Only parse, architecture and dependencies.", "Только parse, architecture и dependencies."),
    "command-architecture": (
        "Layers, coupling, hubs, cycles with the calls to cut, dead exports, subsystems.",
        "Слои, связность, узлы, круги и что в них разорвать, ненужные экспорты, подсистемы.",
    ),
    "command-dependencies": (
        "Every edge with file and line, and every reference that leads nowhere.",
        "Каждая связь с файлом и строкой и каждая ссылка в никуда.",
    ),
    "command-ml-dataset": (
        "All methods for machine learning: copies marked, split without leaks, scrubbed.",
        "Все методы для машинного обучения: копии помечены, разбиение без утечек, вычищено.",
    ),
    "command-best-practices": (
        "How often good practice is followed, with the best and the worst examples.",
        "Как часто соблюдаются хорошие практики, с лучшими и худшими примерами.",
    ),
    "command-docs": (
        "A static site in two languages of what the other steps have left in DIR; it says what is missing.",
        "Статический сайт на двух языках из того, что другие шаги оставили в каталоге; называет недостающее.",
    ),
    "git-no-git": (
        "git is not there, and {address} needs it. Install git, or give a folder with the sources.",
        "Нет git, а он нужен для {address}. Установите git или укажите каталог с исходниками.",
    ),
    "git-no-folder": (
        "{address} does not exist. Give a folder with sources or the address of a git repository.",
        "{address} не существует. Укажите каталог с исходниками или адрес репозитория git.",
    ),
    "git-no-repository": (
        "{address} is in no git repository, so there is no {ref}. Leave it out to read the folder as it is.",
        "{address} не в репозитории git, {ref} взять неоткуда. Уберите его, чтобы читать каталог как есть.",
    ),
    "git-no-ref": (
        "{address} has no {ref}: {reason}. Give a commit, a branch or a tag that is there.",
        "В {address} нет {ref}: {reason}. Укажите существующий коммит, ветку или тег.",
    ),
    "git-no-path": ("{ref} of {address} has no folder {path}.", "В {ref} репозитория {address} нет каталога {path}."),
    "git-not-fetched": ("{ref} of {address} was not fetched: {reason}", "{ref} из {address} не получен: {reason}"),
    "trend-help": (
        "The numbers of all runs over an analysis folder: before, now, over time.",
        "Показатели всех запусков в каталоге анализа: раньше, сейчас, со временем.",
    ),
    "trend-in": ("The folder given to --out of analyze.", "Каталог, заданный в --out команды analyze."),
    "trend-svg": ("Draw them into an SVG file as well.", "Нарисовать их ещё и в файл SVG."),
    "no-trend": (
        "{path} has no trend yet: potok-onec analyze PATH --out {path} adds a line when the source has changed.",
        "В {path} ещё нет истории: potok-onec analyze PATH --out {path} дописывает строку, когда исходники изменились.",
    ),
    "trend": (
        "{runs} runs since {since}; the last at {at}, commit {commit}",
        "Запусков: {runs} с {since}; последний {at}, коммит {commit}",
    ),
    "trend-better": ("better than the run before", "лучше прошлого запуска"),
    "trend-worse": ("worse than the run before", "хуже прошлого запуска"),
    "head-number": ("number", "показатель"),
    "head-before": ("before", "раньше"),
    "head-now": ("now", "сейчас"),
    "head-change": ("change", "изменение"),
    "head-course": ("over time", "со временем"),
    "head-step": ("step", "шаг"),
    "head-state": ("state", "состояние"),
    "head-seconds": ("seconds", "секунды"),
    "head-numbers": ("numbers", "показатели"),
    "head-contract": ("contract", "контракт"),
    "head-found": ("found", "найдено"),
    "head-wanted": ("wanted", "требуется"),
    "number-objects": ("objects", "объекты"),
    "number-modules": ("modules", "модули"),
    "number-methods": ("methods", "методы"),
    "number-queries": ("queries", "запросы"),
    "number-cycles": ("cycles", "круги"),
    "number-largest_cycle": ("largest", "наибольший"),
    "number-dead_exports": ("dead exports", "ненужные экспорты"),
    "number-edges": ("edges", "связи"),
    "number-loose": ("leading nowhere", "ведут в никуда"),
    "number-duplicates": ("duplicates", "дубликаты"),
    "number-long_duplicates": ("long ones", "длинные"),
    "number-near_duplicates": ("near duplicates", "похожие"),
    "number-documented_exports": ("documented exports", "описанные экспорты"),
    "number-documented_common_exports": ("in common modules", "в общих модулях"),
    "number-breaches": ("breaches", "нарушения"),
    "number-pages": ("pages", "страницы"),
    "option": ("STEP.NAME=VALUE or NAME=VALUE for all steps.", "ШАГ.ИМЯ=ЗНАЧЕНИЕ или ИМЯ=ЗНАЧЕНИЕ для всех шагов."),
    "who-calls": (
        "Who calls a method, module or object: Module.Method, CommonModule.Name, Catalog.Name.Method.",
        "Кто вызывает метод, модуль или объект: Модуль.Метод, CommonModule.Имя, Catalog.Имя.Метод.",
    ),
    "impact": ("What a change of an object may reach.", "До чего может дойти изменение объекта."),
    "way": ("How one object leads to another.", "Как один объект приводит к другому."),
    "name": ("A name as in code, or a full name such as Catalog.Goods.", "Имя как в коде или полное: Catalog.Товары."),
    "depth": ("How far to go; no limit without it.", "Как далеко идти; без ограничения, если не указано."),
    "analysis-in": (
        "The folder of an earlier analysis; refreshed when the source has changed.",
        "Каталог прежнего анализа; обновляется, если исходники изменились.",
    ),
    "no-pyarrow-analysis": (
        "The analysis writes Parquet and needs pyarrow. Install it with: pip install 'potok-onec[parquet]'.",
        "Анализ пишет Parquet, нужен pyarrow. Установите: pip install 'potok-onec[parquet]'.",
    ),
    "no-such-step": (
        "There is no step {name}. The steps: {steps}.",
        "Нет шага {name}. Есть шаги: {steps}.",
    ),
    "no-such-option": (
        "There is no option {name}; there are {options}.",
        "Параметра {name} нет; есть {options}.",
    ),
    "bad-option": ("An option is NAME=VALUE.", "Параметр пишется как ИМЯ=ЗНАЧЕНИЕ."),
    "analyzed": (
        "{good} of {steps} steps in {out}, {seconds:.1f} s",
        "Шагов готово: {good} из {steps}, результаты в {out}, {seconds:.1f} с",
    ),
    "step-waits": ("waits", "ждёт"),
    "step-runs": ("runs", "выполняется"),
    "step-done": ("done", "готов"),
    "step-kept": ("unchanged", "без изменений"),
    "step-failed": ("failed", "ошибка"),
    "step-held_up": ("did not run", "не запускался"),
    "called": ("{name}: {sites} places in {files} files", "{name}: мест {sites}, файлов {files}"),
    "reached": ("{name}: {objects} objects may be affected", "{name}: может затронуть объектов: {objects}"),
    "no-way": ("{start} does not lead to {end}.", "{start} не приводит к {end}."),
    "unknown-name": (
        "There is nothing called {name} here. Names are written so: Module.Method, CommonModule.Name, Catalog.Name.",
        "Здесь нет ничего с именем {name}. Имена пишутся так: Модуль.Метод, CommonModule.Имя, Catalog.Имя.",
    ),
    "via-alias": ("by a variable", "через переменную"),
    "via-text": ("named in a text", "именем в строке"),
    "edge-call": ("calls", "вызывает"),
    "edge-metadata": ("refers to", "обращается к"),
    "edge-type": ("has the type", "имеет тип"),
    "edge-query": ("queries", "читает запросом"),
    "edge-event_subscription": ("is handled by", "обрабатывается в"),
    "edge-scheduled_job": ("runs", "запускает"),
    "edge-service": ("is served by", "обслуживается в"),
    "edge-right": ("gives a right to", "даёт право на"),
    "edge-subsystem": ("contains", "включает"),
    "edge-form": ("has the handler", "имеет обработчик"),
    "edge-handler": ("hands over", "передаёт обработчик"),
    "edge-extension": ("extends", "расширяет"),
    "workflow": (
        "Write the DAG file of a workflow of Potok and its settings; NAME is edt_analysis.",
        "Записать DAG-файл сценария для Potok и его настройки; NAME: edt_analysis.",
    ),
    "workflow-name": ("The workflow.", "Сценарий."),
    "workflow-out": ("The DAG folder.", "Каталог DAG-файлов."),
    "workflow-force": (
        "Replace a DAG file that differs; settings are always left alone.",
        "Заменить отличающийся DAG-файл; настройки не меняются никогда.",
    ),
    "no-such-workflow": ("there is no workflow {name!r}; there are {names}", "сценария {name!r} нет; есть {names}"),
    "workflow-differs": (
        "{file} differs from the one of this version; --force replaces it",
        "{file} отличается от файла этой версии; --force заменит его",
    ),
    "workflow-not-written": ("{out} cannot be written: {error}", "не удалось записать в {out}: {error}"),
    "workflow-written": (
        "{file} is written; say what to analyse in {settings}.\n"
        "It wants a pool (`potok pools set {name} 2`) and this package where the server runs.",
        "Записан {file}; что анализировать, скажите в {settings}.\n"
        "Нужны пул (`potok pools set {name} 2`) и этот пакет там, где работает сервер.",
    ),
    "footer": (
        "{files} files, all accounted for; {seconds:.1f} s, {megabytes} MB at most, {hits} objects from the cache",
        "Файлов: {files}, учтены все; {seconds:.1f} с, не больше {megabytes} МБ, из кэша объектов: {hits}",
    ),
}
