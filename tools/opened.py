"""What JupyterLab notes in a notebook that it opens, noted before: so it stays saved."""

from __future__ import annotations

import platform
from contextlib import suppress
from typing import Any

from jupyter_client.kernelspec import NoSuchKernel
from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager


class Opened(AsyncLargeFileManager):
    """Files as they are; in a notebook stand the names of its kernel and of this Python."""

    async def get(self, path: str, content: bool = True, *rest: Any, **more: Any) -> dict[str, Any]:
        """Read a file or folder, as the server asks for it."""
        model = await super().get(path, content, *rest, **more)
        if content and model["type"] == "notebook":
            noted = model["content"]["metadata"]
            with suppress(KeyError, NoSuchKernel):
                found = self.parent.kernel_spec_manager.get_kernel_spec(noted["kernelspec"]["name"])
                noted["kernelspec"]["display_name"] = found.display_name
                noted["language_info"]["version"] = platform.python_version()
        return model
