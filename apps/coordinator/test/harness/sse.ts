/** One event of a stream; a comment has no event. */
export interface Frame {
  event: string | null;
  id: string | null;
  data: string | null;
}

/** Reads an event stream frame by frame. */
export const frames = (response: Response) => {
  const source = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  const field = (block: string, name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? null;
  const next = async (): Promise<Frame | null> => {
    while (!rest.includes('\n\n')) {
      const { done, value } = await source.read();
      if (done) return null;
      rest += value;
    }
    const end = rest.indexOf('\n\n');
    const block = rest.slice(0, end);
    rest = rest.slice(end + 2);
    return { event: field(block, 'event'), id: field(block, 'id'), data: field(block, 'data') };
  };
  const nextEvent = async (): Promise<Frame | null> => {
    for (;;) {
      const frame = await next();
      if (frame === null || frame.event !== null) return frame;
    }
  };
  return { next, nextEvent, cancel: () => source.cancel() };
};
