"""Reading untrusted bytes in processes of their own, with bounds on memory, time and network.

Never here: storing what was read.
"""

from engine.knowledge.parsing.formats import check_upload, file_format
from engine.knowledge.parsing.processes import ParsingProcesses

__all__ = ["ParsingProcesses", "check_upload", "file_format"]
