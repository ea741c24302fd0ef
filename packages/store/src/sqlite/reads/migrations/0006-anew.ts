/** The logs are projected from their beginnings once more: the changes of before are in no row, the other rows stay the same. */
export const anew = 'DELETE FROM cursor';
