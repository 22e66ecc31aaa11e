// Which programs, users and groups the system has: for what people's files start, and whose they are. Tests hold all of it
// equal to the image. Pure.
import { once } from "../once.ts";

/** In /usr/bin and /usr/sbin. */
export const systemPrograms = once(() => new Set(NAMES.split(" ")));

const NAMES =
  "[ [[ acpid adjtimex apparmor_parser ar arch arp arping ascii ash awk base64 basename bc blkdiscard blkid blockdev brctl bunzip2 busybox bzcat bzip2 cal cat chgrp chmod chown chroot chvt clear cmp cp cpio crc32 crond crontab cttyhack cut date dc dd deallocvt depmod devmem df diff dirname dmesg dnsdomainname dos2unix dpkg dpkg-deb du dumpkmap dumpleases e2fsck echo ed egrep env expand expr factor fallocate false fatattr fdisk fgrep filefrag find findfs fold free freeramdisk fsfreeze fstrim ftpget ftpput getfattr getopt getty grep groups gunzip gzip halt head hexdump hostid hostname httpd hwclock i2cdetect i2cdump i2cget i2cset i2ctransfer id ifconfig ifdown ifup init insmod install ionice ip ipcalc kill killall klogd kubectl kubesolo kubesolo-os-agent kubesolo-os-agent-network last less link linux32 linux64 linuxrc ln loadfont loadkmap logger login logname logread losetup ls lsmod lsscsi lzcat lzma lzop md5sum mdev microcom mim mkdir mkdosfs mke2fs mkfifo mknod mkpasswd mkswap mktemp modinfo modprobe more mount mt mv nameif nbd-client nc netstat nft nl nologin nproc nsenter nslookup ntpd nuke od openvt partprobe partx passwd paste patch pidof ping ping6 pivot_root poweroff printf ps pwd rdate readlink realpath reboot renice reset resize2fs resume rev rm rmdir rmmod route rpm rpm2cpio run-init run-parts sed seq setkeycodes setpriv setsid sfdisk sh sha1sum sha256sum sha3sum sha512sum shred shuf sleep sort ssl_client start-stop-daemon stat strings stty su sulogin svc svok swapoff swapon switch_root sync sysctl syslogd tac tail tar taskset tc tee telnet telnetd test tftp time timeout top touch tr traceroute traceroute6 true truncate ts tty tunctl ubirename udhcpc udhcpc6 udhcpd uevent umount uname uncompress unexpand uniq unix2dos unlink unlzma unshare unxz unzip uptime usleep uudecode uuencode vconfig vi w watch watchdog wc wget which who whoami xargs xxd xz xzcat yes zcat";

/** Words of the shell's own, which start no program (POSIX.1, 2.4 and 2.14; BusyBox's ash). */
export const shellWords = once(
  () =>
    new Set(
      ". : alias bg break case cd command continue do done elif else esac eval exec exit export fg fi for function getopts hash if in jobs let local read readonly return set shift source then times trap type ulimit umask unalias unset until wait while { }".split(
        " ",
      ),
    ),
);

/** /etc/passwd and /etc/group. */
export const systemUsers: readonly string[] = ["root", "ntpd", "nobody"];
export const systemGroups: readonly string[] = ["root", "tty", "ntpd", "nogroup"];

/** The names of "user:group" that the system hasn't; numbers are anybody's. */
export function strangersOf(owner: string): string[] {
  const [user = "", group = ""] = owner.split(":");
  const isKnown = (name: string, known: readonly string[]) =>
    name === "" || /^\d{1,10}$/.test(name) || known.includes(name);
  return [
    ...(isKnown(user, systemUsers) ? [] : [`user "${user}"`]),
    ...(isKnown(group, systemGroups) ? [] : [`group "${group}"`]),
  ];
}
