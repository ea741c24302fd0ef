/**
 * `split(program, params)`: the inputs, one JSON text a line (`type` is "values"), or how many there are where the program
 * makes them when asked ("lazy"). `at(program, params, indices)`: some of those, one a line.
 */
export const SPLIT = `
  const lines = (values) => {
    const texts = [];
    let length = 0;
    for (const value of values) {
      const line = jsonOf(value, 'input ' + texts.length);
      length += line.length + 1;
      if (length > outputLength) throw fault('output', text(length));
      texts[texts.length] = line;
    }
    return joined(texts, '\\n');
  };

  const parts = (program, params) => {
    const made = apply(exported(program, 'split'), undefined, [params]);
    if (typeof made === 'object' && made !== null && !isView(made)) {
      if (typeof made[iterator] === 'function') return { kind: 'values', values: made };
      const { length, at } = made;
      if (typeof at === 'function' && isSafeInteger(length) && length >= 0) return { kind: 'lazy', length, made };
    }
    const hint = made instanceof Awaited ? ': it cannot be async, nothing is awaited' : '';
    throw fault('faulty', 'split must return its inputs, as an array or from a generator, or { length, at(index) }, ' +
      'and returned ' + typeOf(made) + hint);
  };

  const split = (program, params) => guarded(() => {
    const made = parts(program, params);
    if (made.kind === 'lazy') return { kind: 'returned', type: 'lazy', json: text(made.length) };
    return { kind: 'returned', type: 'values', json: lines(made.values) };
  });

  const at = (program, params, indices) => guarded(() => {
    const { kind, made } = parts(program, params);
    if (kind !== 'lazy') throw fault('faulty', 'split returned { length, at(index) } at first, and does not any more');
    const values = function* () {
      for (const index of indices) yield made.at(index);
    };
    return { kind: 'returned', type: 'values', json: lines(values()) };
  });
`;
