"""The .NET names of the contract that clients have in their code: namespaces beside the default one, and interfaces."""

from typing import Final

from servicehost.contract.messages import Interface

COMMON: Final = "Eros.Saguna.Common.WebAPI.ServiceModel"
"""The namespace of the parts of a contact."""

MODELS: Final = "Eros.Saguna.Common.WebAPIModel.Models"
"""The namespace of the models that services share."""

PUBLIC_SERVICE: Final = Interface("IPublicServiceModel", ("ApplianceId", "SubdomainName"))
"""The interface of requests that work without a session."""

__all__ = ["COMMON", "MODELS", "PUBLIC_SERVICE"]
