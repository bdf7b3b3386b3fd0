package main

import (
	"fmt"
	"os"
	"syscall"
)

// reserveStdout keeps standard output for answers: it returns a file that writes there, and sends everything else that
// this process prints from now on to standard error. Istio's packages log to standard output and cannot be told not to
// everywhere, and a log line between two halves of a long answer would ruin the answer. What they print before main
// starts is already out; a reader skips lines that do not begin with {"id":.
func reserveStdout() (*os.File, error) {
	kept, err := syscall.Dup(1)
	if err != nil {
		return nil, fmt.Errorf("keep standard output: %w", err)
	}
	syscall.CloseOnExec(kept)
	if err := syscall.Dup3(2, 1, 0); err != nil {
		return nil, fmt.Errorf("send other output to standard error: %w", err)
	}
	return os.NewFile(uintptr(kept), "answers"), nil
}
