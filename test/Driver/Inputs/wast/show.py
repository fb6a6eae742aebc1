"""Prints what a report of tenon-wast on the standard input holds."""
import json
import sys

report = json.load(sys.stdin)
for file in report['files']:
    print(file['file'].split('/')[-1], file['opt'], file['passed'], file['failed'], file['expectedFailures'],
          file['skipped'], file['seconds'] > 0)
    for one in file['directives']:
        print(one['line'], one['kind'], one['outcome'], one.get('message'))
print('kinds', report['kinds'])
print('totals', report['totals'])
