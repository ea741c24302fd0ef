import { describe, expect, it } from 'vitest';
import type { ProblemCode } from '../src/index.ts';
import { Problem, ProblemError, PROBLEMS } from '../src/index.ts';

const codes = Object.keys(PROBLEMS) as ProblemCode[];

describe('the registry of problems', () => {
  it('PB1: every code is in kebab case, with an HTTP status of an error and a title of its own', () => {
    for (const code of codes) {
      expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
      const { status, title } = PROBLEMS[code];
      expect(status >= 400 && status < 600).toBe(true);
      expect(title).toMatch(/^[A-Z].*[^.]$/);
    }
    expect(new Set(codes.map((code) => PROBLEMS[code].title)).size).toBe(codes.length);
  });

  it('PB2: every kind of bad input has a code', () => {
    const needed: ProblemCode[] = [
      'body-malformed',
      'body-too-large',
      'request-invalid',
      'source-empty',
      'program-invalid',
      'program-exports',
      'data-truncated',
      'data-header',
      'blob-mismatch',
      'key-wrong',
      'key-missing',
      'exchange-malformed',
      'attempt-unknown',
    ];
    for (const code of needed) expect(codes).toContain(code);
  });

  it('PB3: an error becomes problem details of RFC 9457 that fit their schema, and names its page', () => {
    for (const code of codes) {
      const problem = new ProblemError(code, 'why', [{ path: 'name', message: 'too long' }]).toProblem('/v1/jobs');
      expect(Problem.parse(problem)).toEqual({
        type: `/errors/${code}`,
        title: PROBLEMS[code].title,
        status: PROBLEMS[code].status,
        code,
        detail: 'why',
        instance: '/v1/jobs',
        errors: [{ path: 'name', message: 'too long' }],
      });
    }
  });

  it('PB3: what is not known is left out', () => {
    const error = new ProblemError('job-unknown');
    expect(Object.keys(error.toProblem()).sort()).toEqual(['code', 'status', 'title', 'type']);
    expect(error.message).toBe(PROBLEMS['job-unknown'].title);
    expect(new ProblemError('job-unknown', 'number 7').message).toBe(`${PROBLEMS['job-unknown'].title}: number 7`);
    expect(error).toBeInstanceOf(Error);
  });
});
