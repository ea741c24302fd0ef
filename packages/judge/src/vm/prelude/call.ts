/** `call(program, name, ...args)` calls an export: `{ kind: 'returned', type, json }`. */
export const CALL = `
  const call = (program, name, ...args) => guarded(() => {
    const value = apply(exported(program, name), undefined, args);
    const type = typeOf(value);
    const json = type === 'a promise' ? 'null' : (stringify(value) ?? 'null');
    if (json.length > outputLength) throw fault('output', text(json.length));
    return { kind: 'returned', type, json };
  });
`;
