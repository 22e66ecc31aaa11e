package host

import (
	"time"

	"golang.org/x/sys/unix"
)

func now() int64 { return time.Now().UnixMilli() }

func uptime() (int64, error) {
	var value unix.Timespec
	err := unix.ClockGettime(unix.CLOCK_BOOTTIME, &value)
	return value.Nano() / int64(time.Millisecond), err
}

func sleep(durationMs int64) {
	time.Sleep(time.Duration(durationMs) * time.Millisecond)
}
