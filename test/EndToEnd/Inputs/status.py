"""Runs a command, and checks that it ends with exactly that status: status.py STATUS COMMAND..."""
import subprocess, sys

status = subprocess.run(sys.argv[2:]).returncode
if status != int(sys.argv[1]):
    sys.exit(f'exit status {status}, expected {sys.argv[1]}')
