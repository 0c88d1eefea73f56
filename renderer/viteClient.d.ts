// Owns the types of what Vite makes importable, such as a style sheet.
/// <reference types="vite/client" />
