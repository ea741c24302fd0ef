/** P(X <= count) for X of a Poisson distribution with this mean. Terms are added as logarithms, so that none underflows. */
export const poissonAtMost = (count: number, mean: number): number => {
  if (mean === 0) return 1;
  let term = -mean;
  let sum = 0;
  for (let k = 0; k <= count; k++) {
    sum += Math.exp(term);
    term += Math.log(mean) - Math.log(k + 1);
  }
  return Math.min(1, sum);
};

const HALVINGS = 60;

/**
 * The exact upper bound, at 95%, of the mean of a Poisson count of which `count` was seen: the mean at which so few, or
 * fewer, have a probability of 5% (F. Garwood 1936). For 0 it is 3.0.
 */
export const poissonUpper95 = (count: number): number => {
  let low = count;
  let high = count + 10 + 5 * Math.sqrt(count + 1);
  for (let halving = 0; halving < HALVINGS; halving++) {
    const middle = (low + high) / 2;
    if (poissonAtMost(count, middle) > 0.05) low = middle;
    else high = middle;
  }
  return high;
};
