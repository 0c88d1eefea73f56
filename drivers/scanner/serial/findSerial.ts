// Owns the list of serial ports that a scanner may stand on, and what keeps each from being used.
import { access, constants, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { FoundDevice } from '#drivers/configuration.ts';
import { formatAddress } from '#drivers/deviceAddress.ts';
import type { PortIdentity } from '#drivers/scanner/ports.ts';

/** What the list of ports does not say, and looking at a port does. */
export interface PortLooks {
  /** False when this user may not read and write it; nothing is opened. */
  mayOpen(path: string): Promise<boolean>;
  /** False for a name behind which no port was ever built. */
  isBuilt(path: string): Promise<boolean>;
}

/** Windows keeps ports from nobody, and lists those alone that are there. */
const openLooks: PortLooks = { mayOpen: async () => true, isBuilt: async () => true };

const fileLooks: PortLooks = {
  mayOpen: (path) =>
    access(path, constants.R_OK | constants.W_OK).then(
      () => true,
      () => false,
    ),
  async isBuilt(path) {
    try {
      // Linux makes ttyS on any computer; type 0 is one without a chip (serial_core.h).
      return (await readFile(`/sys/class/tty/${basename(path)}/type`, 'utf8')).trim() !== '0';
    } catch {
      return true;
    }
  },
};

export const systemLooks: PortLooks = process.platform === 'win32' ? openLooks : fileLooks;

/** Any serial port may have a scanner behind it: only a read of a code tells. */
export async function findSerialScanners(
  ports: readonly PortIdentity[],
  looks: PortLooks = systemLooks,
): Promise<readonly FoundDevice[]> {
  const found = await Promise.all(
    ports.map(async (port): Promise<FoundDevice | null> => {
      const { path, vendorId, productId, serialNumber } = port;
      if (!(await looks.isBuilt(path))) return null;
      return {
        kind: 'scanner-serial',
        address: formatAddress(port, ports),
        name: port.name ?? path,
        path,
        vendorId,
        productId,
        serialNumber,
        problem: (await looks.mayOpen(path)) ? null : 'permission',
      };
    }),
  );
  return found.filter((device) => device !== null);
}
