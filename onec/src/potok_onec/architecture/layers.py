"""Where the code of a module runs. Pure."""

from typing import Literal

from potok_onec.configuration import MetadataObject, Module

Layer = Literal["client", "server", "client_server", "server_call", "global", "external", "form", "none"]

_SERVER_KINDS = frozenset({"ObjectModule", "ManagerModule", "RecordSetModule", "ValueManagerModule", "SessionModule"})


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
    return "server" if module.kind in _SERVER_KINDS or item.kind.endswith("Service") else "none"


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
