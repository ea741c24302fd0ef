/** How the value of a header keyword is stored: int32, float64, length-prefixed text, one byte, or nothing. */
export type KeywordType = 'int' | 'double' | 'string' | 'char' | 'flag';

/**
 * Every keyword of a SIGPROC header with its type.
 * Source: D. Lorimer, "SIGPROC: (Pulsar) Signal Processing Programs", the table of header parameters and read_header.c.
 */
export const KEYWORDS: ReadonlyMap<string, KeywordType> = new Map<string, KeywordType>([
  ['telescope_id', 'int'],
  ['machine_id', 'int'],
  ['data_type', 'int'],
  ['barycentric', 'int'],
  ['pulsarcentric', 'int'],
  ['nbits', 'int'],
  ['nsamples', 'int'],
  ['nchans', 'int'],
  ['nifs', 'int'],
  ['nbeams', 'int'],
  ['ibeam', 'int'],
  ['nbins', 'int'],
  ['az_start', 'double'],
  ['za_start', 'double'],
  ['src_raj', 'double'],
  ['src_dej', 'double'],
  ['tstart', 'double'],
  ['tsamp', 'double'],
  ['fch1', 'double'],
  ['foff', 'double'],
  ['refdm', 'double'],
  ['period', 'double'],
  ['fchannel', 'double'],
  ['rawdatafile', 'string'],
  ['source_name', 'string'],
  ['signed', 'char'],
  ['FREQUENCY_START', 'flag'],
  ['FREQUENCY_END', 'flag'],
]);

export const HEADER_START = 'HEADER_START';
export const HEADER_END = 'HEADER_END';

/** SIGPROC's own limit on the length of a keyword or text. */
export const MAX_STRING_BYTES = 80;
