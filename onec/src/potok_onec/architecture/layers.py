"""Where the code of a module runs. Pure."""

from typing import Final, Literal

from potok_onec.configuration import MetadataObject, Module

Layer = Literal["client", "server", "client_server", "server_call", "global", "external", "form", "none"]

_CONTEXTS: Final = {
    "наклиенте": "client",
    "atclient": "client",
    "насервере": "server",
    "atserver": "server",
    "насерверебезконтекста": "server_no_context",
    "atservernocontext": "server_no_context",
    "наклиентенасервере": "client_server",
    "atclientatserver": "client_server",
    "наклиентенасерверебезконтекста": "client_server_no_context",
    "atclientatservernocontext": "client_server_no_context",
}
_SERVER_KINDS: Final = frozenset(
    {"ObjectModule", "ManagerModule", "RecordSetModule", "ValueManagerModule", "SessionModule"}
)


def layer(item: MetadataObject, module: Module) -> Layer:
    """Of a common module by its switches, of others by their kind; form modules are both by their directives."""
    if item.kind == "CommonModule":
        return _common(item)
    if module.kind == "FormModule" or (item.kind == "CommonForm" and module.kind == "Module"):
        return "form"
    if module.kind in ("CommandModule", "ManagedApplicationModule", "OrdinaryApplicationModule"):
        return "client"
    if module.kind == "ExternalConnectionModule":
        return "external"
    return "server" if module.kind in _SERVER_KINDS or item.kind.endswith(("Service", "Bot")) else "none"


def _common(item: MetadataObject) -> Layer:
    def on(name: str) -> bool:
        return bool(item.properties.get(name))

    client = on("ClientManagedApplication")
    server = on("Server")
    if on("Global"):
        return "global"
    if on("ServerCall"):
        return "server_call"
    if client and server:
        return "client_server"
    if client or (on("ClientOrdinaryApplication") and not server):
        return "client"
    return "server" if server else "external" if on("ExternalConnection") else "none"


def context_of(directives: tuple[str, ...], layer: str) -> str:
    """Where a method runs: what its directive says, else what its module's layer says."""
    for name in directives:
        found = _CONTEXTS.get(name.lower())
        if found is not None:
            return found
    return "server" if layer == "form" else layer
