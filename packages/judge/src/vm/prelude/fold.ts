/**
 * `fold(program, states, places, ...results)`: each result, given as its encoding and its text or buffer, goes by `reduce`
 * into state 0 and into that of its place (0: no other one). Gives `{ states, answers }` as JSON, and as `type` whether the
 * program has an `answer`. A state is `{ acc }`, or null before its first result. Each call of the program sees a result of
 * its own: it may keep and change what it is given.
 */
export const FOLD = `
  const fold = (program, states, places, ...results) => guarded(() => {
    const reduce = exported(program, 'reduce');
    const into = (place, result) => {
      const acc = apply(reduce, undefined, [states[place] === null ? undefined : states[place].acc, result]);
      if (acc instanceof Awaited) throw fault('faulty', 'reduce cannot be async, nothing is awaited');
      if (acc === undefined) throw fault('faulty', 'reduce must return the accumulator, and returned undefined');
      states[place] = { acc };
    };
    for (let i = 0; i < places.length; i++) {
      const [encoding, raw] = [results[2 * i], results[2 * i + 1]];
      const fresh = () => {
        if (encoding > 0) return new arrays[encoding - 1](copyOf(raw, 0));
        try {
          return parse(raw);
        } catch {
          throw fault('unreadable', text(i));
        }
      };
      into(0, fresh());
      if (places[i] > 0) into(places[i], fresh());
    }
    const { answer } = program;
    const texts = [];
    const answers = [];
    for (const state of states) {
      texts[texts.length] = state === null ? 'null' : '{"acc":' + jsonOf(state.acc, 'the accumulator of reduce') + '}';
    }
    if (typeof answer === 'function') {
      for (const state of states) {
        answers[answers.length] = state === null ? 'null' : jsonOf(apply(answer, undefined, [state.acc]), 'what answer returned');
      }
    }
    const json = '{"states":[' + joined(texts, ',') + '],"answers":[' + joined(answers, ',') + ']}';
    if (json.length > outputLength) throw fault('output', text(json.length));
    return { kind: 'returned', type: typeof answer === 'function' ? 'answered' : 'folded', json };
  });
`;
