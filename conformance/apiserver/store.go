package main

import (
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"go.etcd.io/etcd/server/v3/embed"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
)

// store is an etcd of one member.
type store struct {
	url   string
	ended <-chan error
}

// ender ends this process where etcd would end it: by itself it would leave the folder.
type ender func(status int)

func (end ender) OnWrite(*zapcore.CheckedEntry, []zapcore.Field) { end(1) }

func startStore(folder string, end ender) (*store, error) {
	log := zap.New(
		zapcore.NewCore(
			zapcore.NewJSONEncoder(zap.NewProductionEncoderConfig()),
			zapcore.Lock(os.Stderr),
			zapcore.ErrorLevel,
		),
		zap.WithFatalHook(end), zap.WithPanicHook(end),
	)
	config := embed.NewConfig()
	config.Dir = filepath.Join(folder, "etcd")
	config.ZapLoggerBuilder = embed.NewZapLoggerBuilder(log)
	// What is lost when the machine stops is not missed.
	config.UnsafeNoFsync = true
	// Whatever is free: nobody is told these but the server, by what became of them.
	anyPort := []url.URL{{Scheme: "http", Host: "127.0.0.1:0"}}
	config.ListenClientUrls, config.AdvertiseClientUrls = anyPort, anyPort
	config.ListenPeerUrls, config.AdvertisePeerUrls = anyPort, anyPort
	config.InitialCluster = config.InitialClusterFromName(config.Name)
	etcd, err := embed.StartEtcd(config)
	if err != nil {
		return nil, err
	}
	select {
	case <-etcd.Server.ReadyNotify():
	case err := <-etcd.Err():
		return nil, err
	case <-time.After(patience):
		return nil, errors.New("not ready in time")
	}
	return &store{url: "http://" + etcd.Clients[0].Addr().String(), ended: etcd.Err()}, nil
}
