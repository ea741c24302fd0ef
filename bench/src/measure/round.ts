/** Three significant digits: the machine is not steadier than that. */
export const round = (value: number): number => Number(value.toPrecision(3));
