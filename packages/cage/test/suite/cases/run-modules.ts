import { wasmModule } from '@gossamer/program/testing';
import type { ProgramCase } from '../case.ts';
import { GIVE, bytesOf, running, wasmCase, wat } from './module.ts';

const ENDS = Array.from({ length: 20_000 }, () => 0x0b);
const LOOP = '(loop $again (br $again))';
const ONE_RESULT = '(call $result_bytes (i32.const 0) (i32.const 0))';

const traps = (name: string, kind: string, body: string, define = ''): ProgramCase =>
  wasmCase(name, running(body, define), { error: 'run', says: new RegExp(`^Trap: ${kind} \\(`) });

const endless = (name: string, program: ProgramCase['program'], deadlineMs = 1500): ProgramCase =>
  wasmCase(name, program, { end: 'overran' }, { deadlineMs });

/** A call of `grid` that names what is not the module's own. */
const outside = (call: string, says: RegExp = /lie outside of the memory/): ProgramCase =>
  wasmCase(`names what it has not: ${call}`, running(`(drop (i32.const 0)) ${call}`), {
    error: 'run',
    says: new RegExp(`^(GridError|TypeError): .*${says.source}`),
  });

const FAR = '(i32.const 262145)';
const NEGATIVE = '(i32.const -1)';

/** Modules that pass the validator, and do what they can. */
export const runModules: ProgramCase[] = [
  wasmCase('computes', running(`(local i32) (i32.mul (i32.const 6) (i32.const 7)) ${GIVE}`), { bytes: [42, 0, 0, 0] }),
  wasmCase(
    'grows its memory to its maximum, and no further',
    running(`(local i32) (loop $more (br_if $more (i32.ne (memory.grow (i32.const 1)) (i32.const -1))))
      (memory.size) ${GIVE}`),
    { bytes: [4, 0, 0, 0] },
  ),
  wasmCase('grows by all the address space at once', running(`(local i32) (memory.grow (i32.const 65535)) ${GIVE}`), {
    bytes: [255, 255, 255, 255],
  }),
  wasmCase(
    'fills all that an operator allows',
    wat(`(import "grid" "memory" (memory 1 1024)) (import "grid" "result_bytes" (func $result_bytes (param i32 i32)))
      (func (export "run") (drop (memory.grow (i32.const 1023)))
        (memory.fill (i32.const 0) (i32.const 7) (i32.const 67108864))
        (call $result_bytes (i32.const 67108862) (i32.const 2)))`),
    { bytes: [7, 7] },
  ),
  traps('gives up', 'unreachable', 'unreachable'),
  traps('reads outside of its memory', 'memory-out-of-bounds', '(drop (i32.load (i32.const 65533)))'),
  traps('writes far outside', 'memory-out-of-bounds', '(i64.store offset=4294967288 (i32.const -1) (i64.const 1))'),
  traps('copies outside', 'memory-out-of-bounds', '(memory.copy (i32.const 65535) (i32.const 0) (i32.const 2))'),
  traps('fills outside', 'memory-out-of-bounds', '(memory.fill (i32.const 0) (i32.const 1) (i32.const 65537))'),
  // Firefox has the same words for a memory.
  traps('calls past its table', '(table|memory)-out-of-bounds', '(call_indirect (i32.const 9))', '(table 1 1 funcref)'),
  traps('calls nothing', 'indirect-call', '(call_indirect (i32.const 0))', '(table 1 1 funcref)'),
  traps(
    'calls a function of another type',
    'indirect-call',
    '(call_indirect (param i32) (i32.const 1) (i32.const 0))',
    '(table 1 1 funcref) (elem (i32.const 0) $run)',
  ),
  traps('divides by zero', 'divide-by-zero', '(drop (i32.div_s (i32.const 1) (i32.const 0)))'),
  traps('overflows', 'integer-overflow', '(drop (i32.div_s (i32.const -2147483648) (i32.const -1)))'),
  traps('converts what fits no integer', 'integer-overflow', '(drop (i32.trunc_f64_s (f64.const 1e99)))'),
  traps('recurses without end', 'stack-overflow', '(call $run)'),
  traps(
    'recurses with large frames',
    'stack-overflow',
    `(call $deep) ${ONE_RESULT}`,
    `(func $deep (local ${'i64 '.repeat(2000)}) (call $deep))`,
  ),
  traps('traps as it starts', 'unreachable', '', '(start $s) (func $s unreachable)'),
  traps('recurses into grid', 'stack-overflow', '(call $log (i32.const 0) (i32.const 1)) (call $run)'),
  wasmCase('aborts', running('(call $abort (i32.const 0) (i32.const 4))', '(data (i32.const 0) "mine")'), {
    error: 'run',
    says: /^Aborted: mine$/,
  }),
  wasmCase('gives no result', running(''), { error: 'run', says: /^GridError: run: .*gave no result/ }),
  wasmCase('gives two', running(`${ONE_RESULT} ${ONE_RESULT}`), { error: 'run', says: /has its result already/ }),
  wasmCase(
    'gives what is no JSON',
    running('(call $result_json (i32.const 0) (i32.const 2))', '(data (i32.const 0) "{x")'),
    { error: 'run', says: /^GridError: result_json: / },
  ),
  wasmCase(
    'gives JSON that is nested too deeply',
    running(
      `(memory.fill (i32.const 0) (i32.const 91) (i32.const 65536)) (call $result_json (i32.const 0) (i32.const 65536))`,
    ),
    { error: 'run', says: /./ },
  ),
  wasmCase(
    'gives a result over the limit',
    running('(call $result_bytes (i32.const 0) (i32.const 1001))'),
    {
      error: 'run',
      says: /over 1000 bytes/,
    },
    { resultBytes: 1000 },
  ),
  wasmCase(
    'is taken by the validator, and not by the engine',
    running('(drop (f32.neg (i64.const 0)))'),
    { error: 'load', says: /^CompileError: .*(f32\.neg|type mismatch)/ },
    { asJob: { refused: 'program-invalid', says: /^program\.wasm: WebAssembly\.Module\(\): .*f32\.neg/ } },
  ),
  wasmCase('nests 20,000 blocks', bytesOf(wasmModule({ body: [...ENDS.flatMap(() => [0x02, 0x40]), ...ENDS] })), {
    holds: true,
  }),
  endless('loops', running(LOOP)),
  endless('loops as it starts', running('', `(start $s) (func $s ${LOOP})`)),
  endless('reports progress without end', running('(loop $again (call $progress (f64.const 0.5)) (br $again))')),
  endless('logs without end', running('(loop $again (call $log (i32.const 0) (i32.const 65536)) (br $again))')),
  endless(
    'paints without end',
    running('(loop $again (call $picture (i32.const 0) (i32.const 128) (i32.const 128)) (br $again))'),
  ),
  endless(
    'does all of it without end',
    running(`(loop $again (call $progress (f64.const 0.5)) (call $log (i32.const 0) (i32.const 65536))
      (call $picture (i32.const 0) (i32.const 128) (i32.const 128)) (drop (call $input_size)) (br $again))`),
  ),
  wasmCase('reports no number', running(`(call $progress (f64.const nan)) ${ONE_RESULT}`), {
    error: 'run',
    says: /^TypeError: progress/,
  }),
  wasmCase(
    'leaves 65,536 lines behind',
    running(`(local i32) (loop $again (call $log (i32.const 0) (i32.const 1000))
      (br_if $again (i32.lt_u (local.tee 0 (i32.add (local.get 0) (i32.const 1))) (i32.const 65536)))) ${ONE_RESULT}`),
    { bytes: [] },
  ),
  outside(`(call $input_read ${FAR} (i32.const 0) (i32.const 0))`),
  outside(`(call $input_read (i32.const 0) (i32.const 0) (i32.const 5))`, /bytes from 0 on are asked for/),
  outside(`(call $input_read (i32.const 0) ${NEGATIVE} (i32.const 1))`, /bytes from 4294967295 on/),
  outside(`(call $params_read (i32.const 65535) (i32.const 0) (i32.const 2))`),
  outside(`(drop (call $input_number ${NEGATIVE} (i32.const 4)))`),
  outside(`(drop (call $params_number (i32.const 0) ${NEGATIVE}))`),
  outside(`(call $result_json ${NEGATIVE} (i32.const 1))`),
  outside(`(call $result_bytes (i32.const 0) ${NEGATIVE})`),
  outside(`(call $result_f32 ${FAR} (i32.const 4))`),
  outside(`(call $result_f64 ${NEGATIVE} ${NEGATIVE})`),
  outside(`(call $log ${NEGATIVE} (i32.const 1))`),
  outside(`(call $picture (i32.const 65535) (i32.const 1) (i32.const 1))`),
  outside(`(call $picture (i32.const 0) ${NEGATIVE} ${NEGATIVE})`, /./),
  outside(`(call $abort ${NEGATIVE} ${NEGATIVE})`),
  wasmCase(
    'reads what it was given, and no name of its prototype',
    running('(drop (call $params_number (i32.const 0) (i32.const 9)))', '(data (i32.const 0) "__proto__")'),
    { error: 'run', says: /no number named "__proto__"/ },
  ),
  wasmCase(
    'finds nothing of the unit before it',
    running(
      `(local i32) (i32.add (i32.load (i32.const 8)) (global.get $n))
      (i32.store (i32.const 8) (i32.const 5)) (global.set $n (i32.const 6)) ${GIVE}`,
      '(global $n (mut i32) (i32.const 0))',
    ),
    { bytes: [0, 0, 0, 0] },
    { inputs: 3 },
  ),
];
