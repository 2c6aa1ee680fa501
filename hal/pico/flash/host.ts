// The host's file systems and its time, as flashing looks at them.

import { readdirSync, readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { DirectoryDrive } from "./drive";
import type { Drive, Mount } from "./drive";

/** What flashing by drive needs of a host. */
export interface FlashHost {
  /** All drives that could be a boot loader's. */
  drives(): readonly Drive[];
  /** The drive at a directory that somebody named; throws the system's error if there is none. */
  driveAt(path: string): Drive;
  /** Disks that have a boot loader's label, mounted or not. */
  labelled(): readonly string[];
  now_ms(): number;
  wait(ms: number): Promise<void>;
}

/** Where systems put removable drives, one or two folders deep. */
const PLACES = ["/media", "/run/media", "/Volumes"];
const LABEL = "/dev/disk/by-label/RPI-RP2";
/** Only these are looked into: to look into a network's mount may take for ever. */
const FAT = new Set(["vfat", "msdos", "exfat", "fuseblk"]);

/** Mounts by the text of /proc/mounts. */
export function parseMounts(text: string): readonly Mount[] {
  const plain = (field: string): string => field.replace(/\\([0-7]{3})/g, (_all, octal: string) => String.fromCharCode(parseInt(octal, 8)));
  return text.split("\n").flatMap((line) => {
    const [device = "", path = "", type = "", options = ""] = line.split(" ");
    if (!FAT.has(type)) return [];
    return [{ path: plain(path), ...(device.startsWith("/dev/") ? { device: plain(device) } : {}), read_only: options.split(",").includes("ro") }];
  });
}

function folders(path: string): readonly string[] {
  try {
    return readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => join(path, name));
  } catch {
    return [];
  }
}

function mounts(): readonly Mount[] {
  let found: readonly Mount[] = [];
  try {
    found = parseMounts(readFileSync("/proc/mounts", "utf8"));
  } catch {
    // Not Linux: the usual places tell.
  }
  const known = new Set(found.map(({ path }) => path));
  const places = PLACES.flatMap((place) => folders(place)).flatMap((folder) => [folder, ...folders(folder)]);
  return [...found, ...places.filter((path) => !known.has(path)).map((path) => ({ path, read_only: false }))];
}

/** This process's own host. */
export function processHost(): FlashHost {
  return {
    // A disk that is mounted twice is one drive.
    drives: () => [...new Map(mounts().map((mount) => [mount.device ?? mount.path, mount])).values()].map((mount) => new DirectoryDrive(mount)),
    driveAt: (given) => {
      const path = realpathSync(given);
      return new DirectoryDrive({ ...(mounts().find((mount) => mount.path === path) ?? { read_only: false }), path: given });
    },
    labelled: () => {
      try {
        return [realpathSync(LABEL)];
      } catch {
        return [];
      }
    },
    now_ms: () => performance.now(),
    wait: (ms) => new Promise((resolve) => { setTimeout(resolve, ms); }),
  };
}
