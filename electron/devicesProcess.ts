// Owns the devices process under Electron: one port to core, and the device host behind it.
import { onPort, portEnd } from '#electron/ports.ts';
import { startDeviceHost } from '#till/deviceHost.ts';

onPort((_kind, port) => startDeviceHost(portEnd(port)));
