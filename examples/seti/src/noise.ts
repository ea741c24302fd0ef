/** Where the noise lies and how wide it is, in the unit of the values it was estimated from. */
export interface Noise {
  readonly location: number;
  readonly scale: number;
}

/** Middle of a sorted array; the mean of the two middle values where their number is even. */
function middle(sorted: Float64Array): number {
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/**
 * Robust location and scale: the median, and 1.4826 times the median absolute deviation from it, which is the standard
 * deviation where the values are normal (P. Rousseeuw and C. Croux, JASA 88, 1993). Where more than half of the values
 * are equal that is 0; then 1.2533 times the mean absolute deviation stands in (B. Iglewicz and D. Hoaglin, 1993).
 *
 * The search gives it sums over whole paths, not cells: cells of power are so skewed that their median is not their
 * mean, nor their MAD their deviation, and 8 bit cells may have but a few values. By the central limit theorem sums are
 * nearly normal, whatever the cells are, so the same formula is right for all of them.
 */
export function estimateNoise(values: Float64Array): Noise {
  const sorted = values.slice().sort();
  const location = middle(sorted);
  const deviations = sorted;
  let sum = 0;
  for (let i = 0; i < deviations.length; i++) {
    const deviation = Math.abs(deviations[i]! - location);
    deviations[i] = deviation;
    sum += deviation;
  }
  const mad = middle(deviations.sort());
  return { location, scale: mad > 0 ? 1.4826 * mad : (1.2533 * sum) / values.length };
}
