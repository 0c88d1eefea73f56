// Owns the number that page and till must share; apart, so that the page needs no schemas for it.

export const CONTRACT_VERSION = 1;
