// Owns finding Electron's runtime: at hand, or fetched by its own downloader within a deadline.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { projectFolder } from '#tools/project.ts';

const PACKAGE = path.join(projectFolder, 'node_modules/electron');

function executableName(): string {
  if (process.platform === 'win32') return 'electron.exe';
  return process.platform === 'darwin' ? 'Electron.app/Contents/MacOS/Electron' : 'electron';
}

/** The executable where it is at hand, or null. `ELECTRON_OVERRIDE_DIST_PATH` is Electron's own. */
export function findElectron(): string | null {
  const override = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  const pathFile = path.join(PACKAGE, 'path.txt');
  const name = existsSync(pathFile) ? readFileSync(pathFile, 'utf8') : executableName();
  const executable = path.join(override ?? path.join(PACKAGE, 'dist'), name);
  return existsSync(executable) ? executable : null;
}

/** Runs Electron's own downloader, and ends it when it hangs. True once the runtime is there. */
export function downloadElectron(deadlineMs: number): Promise<boolean> {
  const script = path.join(PACKAGE, 'install.js');
  if (!existsSync(script)) return Promise.resolve(false);
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [script], { stdio: 'ignore' });
    const timer = setTimeout(() => child.kill('SIGKILL'), deadlineMs);
    child.once('error', () => resolve(false));
    child.once('exit', (code) => {
      clearTimeout(timer);
      resolve(code === 0 && findElectron() !== null);
    });
  });
}

/** Chromium's sandbox refuses to run as root; anybody else gets it. */
export function sandboxSwitches(): readonly string[] {
  return process.getuid?.() === 0 ? ['--no-sandbox'] : [];
}

/** A window needs a screen; only Linux can be without one and still run this. */
export function hasScreen(): boolean {
  if (process.platform !== 'linux') return true;
  return process.env['DISPLAY'] !== undefined || process.env['WAYLAND_DISPLAY'] !== undefined;
}
