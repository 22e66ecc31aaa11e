package host

import (
	"io"
	"os"
)

func readBlocks(device string, offsetBytes, sizeBytes int64) ([]byte, error) {
	file, err := os.Open(device)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	// After a write that failed, or one that the disk itself kept otherwise, memory still holds what was meant.
	dropPages(file)
	read := make([]byte, sizeBytes)
	if _, err := io.ReadFull(io.NewSectionReader(file, offsetBytes, sizeBytes), read); err != nil {
		return nil, Failed("EIO", "%s: cannot read %d bytes at %d: %v", device, sizeBytes, offsetBytes, err)
	}
	return read, nil
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
