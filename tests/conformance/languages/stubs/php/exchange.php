<?php
/**
 * Reads lines of a class name and JSON, makes an object of it, and answers with a line of the name, the JSON of the
 * object, the response that the class makes, the response that its attribute names, and its method.
 * Arguments: the client, a generated source, its namespace.
 */

[, $client, $source, $namespace] = $argv;
require $client;
require $source;
ServiceStack\JsonConverters::$namespace = $namespace;

/** The name of a class without its namespace. */
function short_name(string $class): string
{
    return substr(strrchr("\\$class", '\\'), 1);
}

while (($line = fgets(STDIN)) !== false) {
    [$name, $json] = explode("\t", rtrim($line, "\n"), 2);
    $class = "$namespace\\$name";
    $message = new $class();
    $message->fromMap(json_decode($json, true, flags: JSON_THROW_ON_ERROR));
    $returns = (new ReflectionClass($class))->getAttributes('ServiceStack\Returns');
    $facts = [
        $name,
        json_encode($message, JSON_THROW_ON_ERROR),
        $message instanceof ServiceStack\IReturn ? short_name($message->createResponse()::class) : '',
        $returns ? $returns[0]->newInstance()->type : '',
        method_exists($message, 'getMethod') ? $message->getMethod() : '',
    ];
    echo implode("\t", $facts), "\n";
}
