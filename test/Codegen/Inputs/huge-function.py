"""Prints a script with a function that is too large to be optimised: a table of 3000 labels, a load whose value is
dropped, and calls to and from functions of the common size."""
N = 3000
print('(module (memory 1)')
print('  (func $triple (param i32) (result i32) (i32.mul (local.get 0) (i32.const 3)))')
print('  (func $huge (param i32 i32) (result i32)', '(block ' * N)
print(f'    (br_table {" ".join(map(str, range(N)))} (local.get 0))')
for i in range(N):
    print(f'    ) (local.set 0 (i32.add (local.get 0) (i32.const {i % 5})))')
print('    (drop (i32.load (local.get 1)))')
print('    (call $triple (local.get 0)))')
print('  (func (export "f") (param i32 i32) (result i32) (call $huge (local.get 0) (local.get 1))))')


def result(index):
    # Label i's code begins with the i-th sum; an index beyond the table goes to the last label.
    return 3 * (index + sum(i % 5 for i in range(min(index, N - 1), N)))


for index in (0, 1, 1234, N - 2, N - 1, N, 2 * N):
    print(f'(assert_return (invoke "f" (i32.const {index}) (i32.const 0)) (i32.const {result(index)}))')
print('(assert_trap (invoke "f" (i32.const 0) (i32.const 65533)) "out of bounds memory access")')
