"""The playground: invited testers talk to one version of one assistant and rate its answers.

Mounted in the server's process, so that testers meet exactly what shoppers would. Never here: Streamlit.
"""

from studio.playground.mounting import PATH, mount_playground

__all__ = ["PATH", "mount_playground"]
