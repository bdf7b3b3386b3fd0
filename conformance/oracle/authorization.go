package main

import (
	"encoding/json"

	"google.golang.org/protobuf/proto"

	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pilot/pkg/security/authz/builder"
	"istio.io/istio/pilot/pkg/security/trustdomain"
	"istio.io/istio/pilot/pkg/serviceregistry/provider"
	"istio.io/istio/pkg/util/protomarshal"
)

// answerAuthorization has istiod build the filters of a proxy.
func answerAuthorization(request Request) (Answer, error) {
	environment, err := environmentOf(request)
	if err != nil {
		return Answer{}, err
	}
	matcher := model.PolicyMatcherForProxy(proxyOf(request.Workload)).
		WithRootNamespace(request.Mesh.RootNamespace)
	if request.Service != nil {
		matcher = matcher.WithService(&model.Service{
			Attributes: model.ServiceAttributes{
				ServiceRegistry: provider.Kubernetes,
				Name:            request.Service.Name,
				Namespace:       request.Service.Namespace,
			},
		})
	}
	policies := model.GetAuthorizationPolicies(environment)
	push := &model.PushContext{AuthzPolicies: policies, Mesh: environment.Mesh()}
	bundle := trustdomain.NewBundle(request.Mesh.TrustDomain, request.Mesh.Aliases)
	built := builder.New(
		bundle,
		push,
		policies.ListAuthorizationPolicies(matcher),
		builder.Option{UseFilterState: !request.ByCertificate},
	)
	// No policy is about the workload.
	if built == nil {
		return Answer{}, nil
	}
	answer := Answer{}
	if answer.HTTP, err = asJSON(built.BuildHTTP()); err != nil {
		return Answer{}, err
	}
	answer.TCP, err = asJSON(built.BuildTCP())
	return answer, err
}

func asJSON[T proto.Message](messages []T) ([]json.RawMessage, error) {
	written := make([]json.RawMessage, len(messages))
	for index, message := range messages {
		text, err := protomarshal.ToJSON(message)
		if err != nil {
			return nil, err
		}
		written[index] = json.RawMessage(text)
	}
	return written, nil
}
