package host

import (
	"io"
	"os"

	"golang.org/x/sys/unix"
)

func readBlocks(device string, offsetBytes, sizeBytes int64) ([]byte, error) {
	file, err := os.Open(device)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	if err := forget(file, offsetBytes, sizeBytes); err != nil {
		return nil, err
	}
	read := make([]byte, sizeBytes)
	if _, err := io.ReadFull(io.NewSectionReader(file, offsetBytes, sizeBytes), read); err != nil {
		return nil, Failed("EIO", "%s: cannot read %d bytes at %d: %v", device, sizeBytes, offsetBytes, err)
	}
	return read, nil
}

// forget has the next read of these bytes come from the disk: after a write that failed, or one that the disk itself kept
// otherwise, memory still holds what was meant. Whole pages are forgotten only.
func forget(file *os.File, offsetBytes, sizeBytes int64) error {
	page := int64(os.Getpagesize())
	begin := offsetBytes / page * page
	end := (offsetBytes + sizeBytes + page - 1) / page * page
	return unix.Fadvise(int(file.Fd()), begin, end-begin, unix.FADV_DONTNEED)
}

func writeBlocks(device string, offsetBytes int64, bytes []byte) error {
	file, err := os.OpenFile(device, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer file.Close()
	if _, err := file.WriteAt(bytes, offsetBytes); err != nil {
		return err
	}
	return file.Sync()
}
