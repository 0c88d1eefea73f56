// Owns the page's only way out: the port to core that main sends, passed on and nothing else.
import { ipcRenderer } from 'electron';

// A port cannot cross contextBridge. Each start of core brings a new one.
ipcRenderer.on('port', (event) => {
  window.postMessage('port', window.location.origin, [...event.ports]);
});
