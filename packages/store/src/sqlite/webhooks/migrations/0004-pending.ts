/** What goes on at a start. */
export const pending = "CREATE INDEX delivery_pending ON delivery (id) WHERE state = 'pending'";
