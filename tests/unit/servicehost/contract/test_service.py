"""Tests of the defaults of a service."""

import pytest

from servicehost.contract import Service


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Greeter", "Greeter.ServiceModel"),
        ("Platform API", "PlatformAPI.ServiceModel"),
        ("my greeter 2", "MyGreeter2.ServiceModel"),
        ("3D Shop", "DShop.ServiceModel"),
        ("Größe", "GrE.ServiceModel"),
        ("日本", "ServiceModel"),
        ("", "ServiceModel"),
    ],
)
def test_namespaces_come_from_the_name(name: str, expected: str) -> None:
    """The .NET namespace is an identifier derived from the name, and the XML namespace follows from it."""
    service = Service(name, "https://greeter.example")

    assert expected == service.clr_namespace
    assert f"http://schemas.datacontract.org/2004/07/{expected}" == service.namespace


def test_a_given_clr_namespace() -> None:
    """The XML namespace follows a given .NET namespace."""
    assert "http://schemas.datacontract.org/2004/07/Acme" == Service("Shop", "", clr_namespace="Acme").namespace


def test_given_namespaces() -> None:
    """Given namespaces are not changed."""
    service = Service("Shop", "", "urn:shop", "Acme")

    assert ("urn:shop", "Acme") == (service.namespace, service.clr_namespace)
