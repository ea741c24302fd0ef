/** Odd numbers that are sieved at once, a byte each: a stretch that stays in a processor's cache. */
const SEGMENT = 2 ** 17;

/** The odd primes up to `limit`, by the sieve of Eratosthenes. */
export const oddPrimes = (limit: number): number[] => {
  const composite = new Uint8Array(limit + 1);
  const primes: number[] = [];
  for (let n = 3; n <= limit; n += 2) {
    if (composite[n] !== 0) continue;
    primes.push(n);
    for (let multiple = n * n; multiple <= limit; multiple += 2 * n) composite[multiple] = 1;
  }
  return primes;
};

/** The first odd multiple of `prime` to cross out from `from` on; below its square, smaller primes have done it. */
const firstMultiple = (prime: number, from: number): number => {
  const multiple = Math.max(prime * prime, Math.ceil(from / prime) * prime);
  return multiple % 2 === 0 ? multiple + prime : multiple;
};

/**
 * How many primes lie in [start, stop), by a segmented sieve over the odd numbers.
 * @param tell called now and then with the part that is done, from 0 to 1
 */
export const countPrimes = (start: number, stop: number, tell: (done: number) => void = () => {}): number => {
  const primes = oddPrimes(Math.floor(Math.sqrt(stop)));
  const composite = new Uint8Array(SEGMENT);
  let count = start <= 2 && 2 < stop ? 1 : 0;
  // Entry i of a segment stands for low + 2 i; 1 is no prime.
  for (let low = Math.max(3, start | 1); low < stop; low += 2 * SEGMENT) {
    const high = Math.min(stop, low + 2 * SEGMENT);
    const size = Math.ceil((high - low) / 2);
    composite.fill(0, 0, size);
    for (const prime of primes) {
      if (prime * prime >= high) break;
      for (let i = (firstMultiple(prime, low) - low) / 2; i < size; i += prime) composite[i] = 1;
    }
    for (let i = 0; i < size; i++) count += 1 - composite[i]!;
    tell((high - start) / (stop - start));
  }
  return count;
};
