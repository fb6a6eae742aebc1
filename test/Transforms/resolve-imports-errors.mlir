// RUN: tenon-opt %s --split-input-file --comp-resolve-imports --verify-diagnostics

// expected-error @below {{nothing provides the import './virtualize.wasm'}}
%c = comp.import "./virtualize.wasm" : !comp.component

// -----

%m = comp.core_module "lib" {file = "a.wasm", hash = "00", size = 8 : i64, start = 0 : i64} imports() exports()
// expected-error @below {{import 'lib' is '!comp.component', but what was found is '!comp.core_module'}}
%c = comp.import "lib" : !comp.component

// -----

// A provider stands before who asks for it.
// expected-error @below {{nothing provides the import 'late'}}
%c = comp.import "late" : !comp.component
%late = comp.define "late" (%p) imports() {
  %s = comp.self %p "late"
  comp.return ()
}
