// Owns the test page: the product's own screens on a till that lives in the page.
import { createRoot } from 'react-dom/client';
import { App } from '#renderer/App.tsx';
import '#renderer/styles.css';
import { openEnd } from '#renderer/state/connection.ts';
import { startKeyboard } from '#renderer/state/keyboard.ts';
import { createFakeTill, type FakeTill } from '#test/support/fakeTill.ts';

declare global {
  interface Window {
    till: FakeTill & { reconnect(): void };
  }
}

const fake = createFakeTill();
window.till = { ...fake, reconnect: () => openEnd(fake.end()) };
startKeyboard();
openEnd(fake.end());
const root = document.getElementById('root');
if (root === null) throw new Error('screens.html has no #root');
createRoot(root).render(<App />);
