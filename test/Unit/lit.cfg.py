# The GoogleTest programs, one a floor.
import lit.formats

config.name = 'Tenon-Unit'
config.suffixes = []
config.test_format = lit.formats.GoogleTest('.', 'Tests')
config.test_source_root = config.tenon_unit_build
config.test_exec_root = config.tenon_unit_build
