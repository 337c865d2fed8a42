package net.servicestack.client;

import java.lang.annotation.*;

@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.FIELD})
public @interface ApiMember {
    String Name() default "";
    String ParameterType() default "";
    String Description() default "";
    String DataType() default "";
    boolean IsRequired() default false;
}
