"""pipe.py PATH BYTES COMMAND...: makes a pipe at PATH, runs COMMAND, and wants BYTES first in the pipe, and it still there."""
import os
import stat
import subprocess
import sys

path, expected, command = sys.argv[1], sys.argv[2].encode(), sys.argv[3:]
os.mkfifo(path)
end = os.open(path, os.O_RDWR | os.O_NONBLOCK)  # a pipe holds more than is written here
status = subprocess.call(command)
if not stat.S_ISFIFO(os.stat(path).st_mode):
    sys.exit(f"{path} is no pipe any more")
if status == 0 and expected not in os.read(end, 16):
    sys.exit(f"{path} was given something else")
sys.exit(status)
