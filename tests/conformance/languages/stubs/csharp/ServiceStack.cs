// What generated sources name of the client library of .NET.

using System;
using System.Collections.Generic;

namespace ServiceStack
{
    public interface IReturn<T> { }
    public interface IReturnVoid { }
    public interface IGet { }
    public interface IPost { }
    public interface IPut { }
    public interface IPatch { }
    public interface IDelete { }

    [AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
    public class RouteAttribute : Attribute
    {
        public RouteAttribute(string path) { }
        public RouteAttribute(string path, string verbs) { }
    }

    [AttributeUsage(AttributeTargets.Class)]
    public class ApiAttribute : Attribute
    {
        public string Description { get; set; }
    }

    [AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
    public class ApiResponseAttribute : Attribute
    {
        public string Description { get; set; }
    }

    [AttributeUsage(AttributeTargets.Property)]
    public class ApiMemberAttribute : Attribute
    {
        public string DataType { get; set; }
        public string Description { get; set; }
        public bool IsRequired { get; set; }
        public string Name { get; set; }
        public string ParameterType { get; set; }
    }

    public class ResponseError
    {
        public string ErrorCode { get; set; }
        public string FieldName { get; set; }
        public string Message { get; set; }
        public Dictionary<string, string> Meta { get; set; }
    }

    public class ResponseStatus
    {
        public string ErrorCode { get; set; }
        public string Message { get; set; }
        public string StackTrace { get; set; }
        public List<ResponseError> Errors { get; set; }
        public Dictionary<string, string> Meta { get; set; }
    }
}

namespace ServiceStack.DataAnnotations
{
    public class DescriptionAttribute : Attribute
    {
        public DescriptionAttribute(string text) { }
    }
}
