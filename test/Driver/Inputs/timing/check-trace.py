"""A trace is JSON, has the phases that are named, and a scope for each of at least N parts."""
import json
import sys

path, least, *phases = sys.argv[1:]
with open(path) as file:
    events = [event for event in json.load(file)['traceEvents'] if event['ph'] == 'X']
names = {event['name'] for event in events}
for phase in phases:
    assert phase in names, f'{phase} is not among {sorted(names)}'
parts = [event['args']['detail'] for event in events if event['name'] == 'part']
assert len(parts) == len(set(parts)) >= int(least), parts
assert 'program' in parts, parts
