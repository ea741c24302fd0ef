/** `kinds(program)`: of each export by its name, what it is in words: "a function", "an async generator", "a class", "a number". */
export const KINDS = `
  const generators = Object.getPrototypeOf(function* () {});
  const asyncGenerators = Object.getPrototypeOf(async function* () {});
  const isBehind = Function.prototype.call.bind(Object.prototype.isPrototypeOf);
  const sourceOf = Function.prototype.call.bind(Function.prototype.toString);
  const { keys } = Object;
  const kindOf = (value) => {
    if (typeof value !== 'function') return typeOf(value);
    if (isBehind(asyncGenerators, value)) return 'an async generator';
    if (isBehind(generators, value)) return 'a generator';
    return sliceOf(sourceOf(value), 0, 5) === 'class' ? 'a class' : 'a function';
  };
  const kinds = (program) => guarded(() => {
    const found = { __proto__: null };
    for (const name of keys(program)) found[name] = kindOf(program[name]);
    return { kind: 'returned', type: 'kinds', json: stringify(found) };
  });
`;
