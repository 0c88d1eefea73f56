// Owns the start of the page.
import { createRoot } from 'react-dom/client';
import { App } from '#renderer/App.tsx';
import { startConnection } from '#renderer/state/connection.ts';
import { startKeyboard } from '#renderer/state/keyboard.ts';
import './styles.css';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
startKeyboard();
startConnection();
createRoot(root).render(<App />);
