/** NULL: the body is stored as it was appended. Else the segment is compact, and this is its body's length, bytes. */
export const packed = 'ALTER TABLE segment ADD COLUMN packed INTEGER';
