// What generated sources name of .NET, as far as the compiler lacks it, and of the client library.

namespace System.IO

type Nothing() = class end

namespace System.CodeDom.Compiler

type GeneratedCodeAttribute(tool:string, version:string) =
    inherit System.Attribute()

namespace System.Runtime.Serialization

open System

type DataContractAttribute() =
    inherit Attribute()

type DataMemberAttribute() =
    inherit Attribute()
    member val Name:string = null with get,set
    member val Order:int = 0 with get,set

type EnumMemberAttribute() =
    inherit Attribute()
    member val Value:string = null with get,set

[<AllowNullLiteral>]
type ExtensionDataObject() = class end

[<AllowNullLiteral>]
type IExtensibleDataObject =
    abstract ExtensionData: ExtensionDataObject with get, set

namespace ServiceStack

open System
open System.Collections.Generic

[<AllowNullLiteral>]
type IReturn<'T> = interface end

[<AllowNullLiteral>]
type IReturnVoid = interface end

[<AllowNullLiteral>]
type IGet = interface end

[<AllowNullLiteral>]
type IPost = interface end

[<AllowNullLiteral>]
type IPut = interface end

[<AllowNullLiteral>]
type IPatch = interface end

[<AllowNullLiteral>]
type IDelete = interface end

[<AttributeUsage(AttributeTargets.Class, AllowMultiple=true)>]
type RouteAttribute(path:string, verbs:string) =
    inherit Attribute()
    new(path:string) = RouteAttribute(path, null)

type ApiAttribute() =
    inherit Attribute()
    member val Description:string = null with get,set

type ApiResponseAttribute() =
    inherit Attribute()
    member val Description:string = null with get,set

type ApiMemberAttribute() =
    inherit Attribute()
    member val DataType:string = null with get,set
    member val Description:string = null with get,set
    member val IsRequired:bool = false with get,set
    member val Name:string = null with get,set
    member val ParameterType:string = null with get,set

[<AllowNullLiteral>]
type ResponseStatus() =
    member val ErrorCode:string = null with get,set
    member val Message:string = null with get,set
    member val StackTrace:string = null with get,set
    member val Meta:Dictionary<string, string> = null with get,set

namespace ServiceStack.DataAnnotations

type DescriptionAttribute(text:string) =
    inherit System.Attribute()
