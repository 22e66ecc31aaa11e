// Names that stay, of what the kernel shows of a device: as udev gives them on Debian.
import { expect, test } from "vitest";
import { runScript, type ScriptSetup } from "./script.ts";

/** Every link, with where it leads. */
function names(setup: ScriptSetup): string[] {
  const after = `name_devices; cd "$ROOT/dev" && find . -type l | sort | while read -r link; do echo "$link $(readlink "$link")"; done`;
  const { output, messages } = runScript("lib/by-id.sh", { ...setup, after });
  expect(messages).toEqual([]);
  return output.split("\n").filter((line) => line !== "");
}

const at = (folder: string, texts: Record<string, string>) =>
  Object.fromEntries(Object.entries(texts).map(([name, text]) => [`${folder}/${name}`, text]));
const stick = {
  idVendor: "0403\n",
  idProduct: "6001\n",
  manufacturer: "FTDI\n",
  product: "FT232R USB UART\n",
};

test.each<[string, ScriptSetup, string[]]>([
  ["nothing at all", { files: { "dev/x": "" } }, []],
  [
    "a port of a serial adapter",
    {
      files: {
        ...at("sys/devices/usb1/1-1", { ...stick, serial: "A50285BI\n" }),
        "sys/devices/usb1/1-1/1-1:1.0/bInterfaceNumber": "00\n",
        "sys/devices/usb1/1-1/1-1:1.0/ttyUSB0/port_number": "0\n",
        "sys/devices/tty/ttyUSB0/x": "",
      },
      links: {
        "sys/class/tty/ttyUSB0": "../../devices/tty/ttyUSB0",
        "sys/devices/tty/ttyUSB0/device": "../../usb1/1-1/1-1:1.0/ttyUSB0",
      },
    },
    ["./serial/by-id/usb-FTDI_FT232R_USB_UART_A50285BI-if00-port0 ../../ttyUSB0"],
  ],
  [
    "a modem that has neither names nor a number",
    {
      files: {
        ...at("sys/devices/usb1/1-2", { idVendor: "1199\n", idProduct: "9071\n" }),
        "sys/devices/usb1/1-2/1-2:1.3/bInterfaceNumber": "03\n",
        "sys/class/tty/ttyACM1/x": "",
      },
      links: { "sys/class/tty/ttyACM1/device": "../../../devices/usb1/1-2/1-2:1.3" },
    },
    ["./serial/by-id/usb-1199_9071-if03 ../../ttyACM1"],
  ],
  [
    "letters that might do harm",
    {
      files: {
        ...at("sys/devices/usb1/1-2", { idVendor: "1\n", manufacturer: " a/../b  c; \n", product: "*é\n" }),
        "sys/devices/usb1/1-2/1-2:1.0/bInterfaceNumber": "00\n",
        "sys/class/tty/ttyACM0/x": "",
      },
      links: { "sys/class/tty/ttyACM0/device": "../../../devices/usb1/1-2/1-2:1.0" },
    },
    ["./serial/by-id/usb-a_.._b_c_____-if00 ../../ttyACM0"],
  ],
  [
    "a hypervisor's disk, with its partitions",
    {
      files: {
        "sys/class/block/vda/serial": "system",
        "sys/class/block/vda/device/x": "",
        "sys/class/block/vda/vda2/partition": "2\n",
        "sys/class/block/vdb/device/x": "",
      },
    },
    ["./disk/by-id/virtio-system ../../vda", "./disk/by-id/virtio-system-part2 ../../vda2"],
  ],
  [
    "NVMe, a card, and its parts that are none",
    {
      files: {
        ...at("sys/class/block/nvme0n1/device", { model: "Fast SSD 970   \n", serial: "S4P2NF0M  \n" }),
        ...at("sys/class/block/mmcblk0/device", { name: "SD16G\n", serial: "0x1234\n" }),
        ...at("sys/class/block/mmcblk0boot0/device", { name: "SD16G\n", serial: "0x1234\n" }),
      },
    },
    ["./disk/by-id/mmc-SD16G_0x1234 ../../mmcblk0", "./disk/by-id/nvme-Fast_SSD_970_S4P2NF0M ../../nvme0n1"],
  ],
  [
    "SATA disks, by their world-wide name, or as ATA names them",
    {
      files: {
        "sys/class/block/sda/device/wwid": "naa.5000c500a1b2c3d4\n",
        "sys/class/block/sdb/device/wwid":
          "t10.ATA     QEMU HARDDISK                           QM00001             \n",
      },
    },
    ["./disk/by-id/ata-QEMU_HARDDISK_QM00001 ../../sdb", "./disk/by-id/wwn-0x5000c500a1b2c3d4 ../../sda"],
  ],
  [
    "a USB stick",
    {
      files: {
        ...at("sys/devices/usb1/1-3", { idVendor: "0951\n", serial: "60A44C\n" }),
        ...at("sys/devices/usb1/1-3/1-3:1.0/host6/target6:0:0/6:0:0:0", {
          vendor: "Kingston\n",
          model: "DataTraveler 3.0\n",
        }),
        "sys/class/block/sdc/x": "",
      },
      links: {
        "sys/class/block/sdc/device": "../../../devices/usb1/1-3/1-3:1.0/host6/target6:0:0/6:0:0:0",
      },
    },
    ["./disk/by-id/usb-Kingston_DataTraveler_3.0_60A44C-0:0 ../../sdc"],
  ],
  [
    "what was pulled out loses its name",
    { files: { "dev/x": "" }, links: { "dev/serial/by-id/usb-old-if00": "../../ttyUSB9" } },
    [],
  ],
])("%s", (_name, setup, expected) => {
  expect(names({ ...setup, files: { "dev/null-of-tests": "", ...setup.files } })).toEqual(expected);
});
