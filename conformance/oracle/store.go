package main

import (
	"encoding/json"
	"fmt"
	"time"

	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pkg/config"
	"istio.io/istio/pkg/config/schema/collection"
	"istio.io/istio/pkg/config/schema/collections"
)

// afterAll is when objects without a time were created, each a moment after the one that is listed before it.
var afterAll = time.Date(2200, time.January, 1, 0, 0, 0, 0, time.UTC)

// store is what istiod reads of a cluster. It takes the place of Istio's store in memory, which keeps every store that
// was ever made, for a debugger: a run has many thousand worlds.
type store struct {
	// What is not written here is not asked by the code that reads policies; it would panic.
	model.ConfigStore
	byKind map[config.GroupVersionKind][]config.Config
}

// storeOf keeps the objects of a world that Istio's validation takes.
func storeOf(objects []json.RawMessage) (model.ConfigStore, error) {
	kept := store{byKind: map[config.GroupVersionKind][]config.Config{}}
	for index, raw := range objects {
		each, err := configOf(raw)
		if err != nil {
			return nil, err
		}
		if each.CreationTimestamp.IsZero() {
			each.CreationTimestamp = afterAll.Add(time.Duration(index) * time.Second)
		}
		if err := kept.add(*each); err != nil {
			return nil, fmt.Errorf("%s %s/%s: %w", each.GroupVersionKind.Kind, each.Namespace, each.Name, err)
		}
	}
	return kept, nil
}

func (s store) add(object config.Config) error {
	schema, known := s.Schemas().FindByGroupVersionKind(object.GroupVersionKind)
	if !known {
		return fmt.Errorf("%s is no kind of Istio", object.GroupVersionKind)
	}
	if _, err := schema.ValidateConfig(object); err != nil {
		return err
	}
	if s.Get(object.GroupVersionKind, object.Name, object.Namespace) != nil {
		return fmt.Errorf("there are two of this name")
	}
	s.byKind[object.GroupVersionKind] = append(s.byKind[object.GroupVersionKind], object)
	return nil
}

func (store) Schemas() collection.Schemas { return collections.PilotGatewayAPI() }

func (s store) Get(kind config.GroupVersionKind, name, namespace string) *config.Config {
	for _, each := range s.byKind[kind] {
		if each.Name == name && each.Namespace == namespace {
			return &each
		}
	}
	return nil
}

// List gives a new slice, because callers sort it.
func (s store) List(kind config.GroupVersionKind, namespace string) []config.Config {
	var listed []config.Config
	for _, each := range s.byKind[kind] {
		if namespace == model.NamespaceAll || each.Namespace == namespace {
			listed = append(listed, each)
		}
	}
	return listed
}
