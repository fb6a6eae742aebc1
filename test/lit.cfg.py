# How lit runs the tests of this folder: see docs/Testing.md.
import os
import shutil

import lit.formats


config.name = 'Tenon'
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = ['.mlir', '.wat', '.wast', '.test']
config.excludes = ['Inputs', 'Fuzz', 'CMakeLists.txt']
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = config.tenon_test_build

path = os.pathsep.join([config.tenon_bin, config.llvm_bin, os.environ['PATH']])
config.environment['PATH'] = path
for name in ('HOME', 'TMPDIR'):
    if name in os.environ:
        config.environment[name] = os.environ[name]

# Every test compiles for itself; those about the cache have one of their own.
config.environment['TENON_CACHE_DIR'] = ''

config.substitutions += [
    ('%shared', config.tenon_shared),
    ('%root', config.tenon_root),
    ('%build', config.tenon_build),
    ('%python', config.python),
]

# Tests that need the official suites or the real programs skip visibly without them.
if os.path.isdir(os.path.join(config.tenon_shared, 'spec')):
    config.available_features.add('shared')
if shutil.which('clang-22', path=path):
    config.available_features.add('clang')
if shutil.which('strace', path=path):
    config.available_features.add('strace')
