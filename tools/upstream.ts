// Owns `npm run upstream`: head office as a program of its own.
export { main } from '#upstream/main.ts';
