/** The way in for a browser without a session: the one-click link, or the token by hand. */
import { Button, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { address } from "../api/address";
import { asProblem, problemOf } from "../api/problem";
import { useTitle } from "../ui/page";
import styles from "./login-page.module.css";
import { Mark } from "./mark";

export default function LoginPage({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation("shell");
  const [token, setToken] = useState("");
  const [wrong, setWrong] = useState("");
  const [sending, setSending] = useState(false);
  const expired = new URLSearchParams(location.search).has("expired");
  useTitle(t("login.title"));

  const send = async (event: FormEvent) => {
    event.preventDefault();
    setSending(true);
    setWrong("");
    try {
      await logIn(token);
      onDone();
    } catch (error) {
      const problem = asProblem(error);
      setWrong(problem.isLostSession ? t("login.wrong") : problem.detail);
    } finally {
      setSending(false);
    }
  };

  return (
    <main className={styles.page} id="main">
      <form className={styles.form} onSubmit={(event) => void send(event)}>
        <Mark size={40} />
        <h1 className={styles.title}>{t("login.title")}</h1>
        <p className={styles.hint}>{expired ? t("login.expired") : t("login.hint")}</p>
        <pre className={styles.command}>potok token</pre>
        <TextInput
          label={t("login.token")}
          type="password"
          autoComplete="current-password"
          value={token}
          onChange={(event) => setToken(event.currentTarget.value)}
          error={wrong || undefined}
          required
          withAsterisk={false}
          data-autofocus
        />
        <Button type="submit" loading={sending} fullWidth>
          {t("login.submit")}
        </Button>
      </form>
    </main>
  );
}

async function logIn(token: string): Promise<void> {
  const response = await fetch(address("login"), {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Potok-CSRF": "1" },
    body: JSON.stringify({ token }),
  });
  if (!response.ok) throw problemOf(response.status, await response.json().catch(() => ""));
}
