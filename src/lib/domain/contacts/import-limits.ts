/** What a file of contacts may be; said before it is uploaded. */
export const IMPORT_BYTES_MAX = 25 * 1024 * 1024;
export const IMPORT_ROWS_MAX = 200_000;
export const IMPORT_COLUMNS_MAX = 60;

/** A file is uploaded in pieces of so many bytes; the last is shorter. */
export const IMPORT_PIECE_BYTES = 512 * 1024;

/** Rows that are looked at before an import starts. */
export const IMPORT_PREVIEW_ROWS = 1_000;
