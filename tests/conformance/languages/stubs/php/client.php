<?php
/** What generated sources use of the package servicestack/client, as little as they need. */

namespace ServiceStack;

use Attribute;
use DateInterval;
use DateTime;
use DateTimeZone;
use JsonSerializable;

interface IReturn
{
    public function createResponse(): mixed;
}

interface IReturnVoid
{
    public function createResponse(): void;
}

interface IGet
{
}

interface IPost
{
}

interface IPut
{
}

interface IDelete
{
}

interface IPatch
{
}

#[Attribute(Attribute::TARGET_CLASS)]
class Returns
{
    public function __construct(public string $type)
    {
    }
}

class TypeContext
{
    public function __construct(public string $class, public array $genericArgs = [])
    {
    }
}

class ByteArray
{
    public function __construct(public string $bytes)
    {
    }
}

class ResponseStatus implements JsonSerializable
{
    public ?string $errorCode = null;

    public function fromMap($o): void
    {
        $this->errorCode = $o['errorCode'] ?? null;
    }

    public function jsonSerialize(): mixed
    {
        return ['errorCode' => $this->errorCode];
    }
}

class JsonConverters
{
    /** Where the generated types are. */
    public static string $namespace = 'dtos';

    public static function context(string $class, array $genericArgs): TypeContext
    {
        return new TypeContext($class, $genericArgs);
    }

    public static function fromArray(string $type, array $values): array
    {
        return array_map(fn ($value) => self::from($type, $value), $values);
    }

    public static function toArray(string $type, array $values): array
    {
        return array_map(fn ($value) => self::to($type, $value), $values);
    }

    public static function from(string|TypeContext $type, mixed $value): mixed
    {
        [$name, $arguments] = self::parts($type);
        return match ($name) {
            'Dictionary', 'List' => self::fromArray(end($arguments), $value),
            'string', 'int', 'float', 'bool', 'Guid' => $value,
            'DateTime' => new DateTime($value),
            'TimeSpan' => new DateInterval($value),
            'ByteArray' => new ByteArray(base64_decode($value)),
            default => self::made($name, $value),
        };
    }

    public static function to(string|TypeContext $type, mixed $value): mixed
    {
        [$name, $arguments] = self::parts($type);
        return match ($name) {
            'Dictionary' => (object) self::toArray(end($arguments), $value),
            'List' => self::toArray(end($arguments), $value),
            'DateTime' => $value->setTimezone(new DateTimeZone('UTC'))->format('Y-m-d\TH:i:s.u\Z'),
            'TimeSpan' => $value->format('P%dDT%hH%iM%sS'),
            'ByteArray' => base64_encode($value->bytes),
            default => $value,
        };
    }

    /** A message, or a value of an enumeration. */
    private static function made(string $name, mixed $value): mixed
    {
        $own = self::$namespace . '\\' . $name;
        $class = class_exists($own) ? $own : 'ServiceStack\\' . $name;
        if (enum_exists($class)) {
            return $class::from($value);
        }
        $made = new $class();
        $made->fromMap($value);
        return $made;
    }

    /** A name and the names in its angle brackets. */
    private static function parts(string|TypeContext $type): array
    {
        if ($type instanceof TypeContext) {
            return [$type->class, $type->genericArgs];
        }
        if (preg_match('/^(\w+)<(.*)>$/', $type, $found)) {
            return [$found[1], $found[1] === 'List' ? [$found[2]] : explode(',', $found[2], 2)];
        }
        return [$type, []];
    }
}
