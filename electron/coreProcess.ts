// Owns core under Electron: the till itself, and the ports that main hands to it.
import { onPort, portEnd } from '#electron/ports.ts';
import { startCore } from '#till/core.ts';
import { coreOptions } from '#till/environment.ts';

const core = startCore(coreOptions(process.env));

onPort((kind, port) => {
  if (kind === 'page') core.attachPage(portEnd(port));
  else core.attachDevices(portEnd(port));
});
